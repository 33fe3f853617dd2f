// The doors in the place of the smallest receiver: functions run in workers of the package itself.
import { Pool } from '../../dist/index.js';

const ONLY_SHIPPING = 'only those know who ship by themselves';

export class DoorRemote {
  #pool;
  place;

  constructor(place) {
    this.#pool = new Pool({ workers: 1, backend: place === 'process' ? 'processes' : 'threads' });
    this.place = place;
  }

  run = (fn, ...args) => this.#pool.apply(fn, args);

  get graph() {
    return undefined;
  }

  get warnings() {
    throw new Error(ONLY_SHIPPING);
  }

  get codesSent() {
    throw new Error(ONLY_SHIPPING);
  }

  close() {
    return this.#pool.terminate();
  }
}
