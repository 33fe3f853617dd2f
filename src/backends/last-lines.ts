/** The last lines a worker wrote to stderr: they often say why it died. */

const KEPT = 16_000;
const LINES = 10;
const CHARACTERS = 1500;
/** What Node prints of a crash besides its reason. */
const NATIVE = /^\s*\d+: (0x)?[\da-f]+ |^<--- |^----- .* -----$|^#?\s*$/i;

export class LastLines {
  #text = '';

  add(text: string): void {
    this.#text = (this.#text + text).slice(-KEPT);
  }

  /** The last lines, without the native frames of a crash; undefined where nothing was written. */
  get text(): string | undefined {
    const lines = this.#text.split('\n').filter((line) => !NATIVE.test(line));
    const last = lines.slice(-LINES).join('\n').slice(-CHARACTERS);
    return last === '' ? undefined : last;
  }
}
