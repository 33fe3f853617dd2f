/**
 * Spies of test tools: the mock functions of vitest, Jest, node:test and Sinon. Where the function itself runs, a spy stays what it is.
 * What it stands for is checked like any function; what it has recorded, promises among it, is no part of the task.
 */
import util from 'node:util';
import type { GraphNode } from './graph.ts';
import type { Packer } from './pack-graph.ts';
import { reasons, refuse, step, type Trail } from './refusals.ts';

interface Spy {
  /** Vitest, Jest and node:test keep calls here. */
  readonly mock?: object;
  /** Sinon's fakes, spies and stubs. */
  readonly isSinonProxy?: boolean;
  /** Vitest and Jest. */
  getMockImplementation?(): unknown;
}

export function isSpy(value: object | symbol): value is object {
  if (typeof value !== 'function') return false;
  try {
    const { mock, isSinonProxy } = value as Spy;
    return isSinonProxy === true || (typeof mock === 'object' && mock !== null && 'calls' in mock);
  } catch {
    return false; // a getter or a proxy of the caller's that throws
  }
}

/** What a spy stands for, where its tool tells. */
function spiedBy(packer: Packer, spy: object): unknown {
  return util.types.isProxy(spy) ? packer.probe.proxyParts(spy)[0] : (spy as Spy).getMockImplementation?.();
}

/** A spy could not travel: for what it stands for, which is refused as ever, or for its records, of which nobody has heard. */
export function refuseSpy(packer: Packer, spy: object, trail: Trail): never {
  const spied = spiedBy(packer, spy);
  if (typeof spied === 'function') packer.tryAlone(spied, trail);
  refuse(trail, reasons.mock);
}

/** A node that nobody will rebuild. */
export function packSpied(packer: Packer, spy: object, trail: Trail | null): GraphNode {
  packer.isPartial = true;
  const spied = spiedBy(packer, spy);
  if (typeof spied === 'function') packer.ref(spied, trail ?? step(null, spied.name || 'anonymous function'));
  return { type: 'plain', value: undefined };
}
