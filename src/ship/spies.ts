/**
 * Spies of test tools: the mock functions of vitest, Jest, node:test and Sinon. Where the function itself runs, a spy stays what it is.
 * What it stands for is checked like any function; what it has recorded, promises among it, is no part of the task.
 */
import util from 'node:util';
import type { GraphNode } from './graph.ts';
import type { Packer } from './pack-graph.ts';
import { step, subjectOf, type Trail } from './refusals.ts';

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

/** On threads a copy of it is called, and the test looks at the one that stayed. */
export function warnOfSpy(packer: Packer, spy: object, trail: Trail | null): void {
  const subject = subjectOf(trail ?? step(null, (spy as { name?: string }).name || 'anonymous function'));
  const text = `${subject} is a mock: its copy in a worker records the calls, yours records none. With ALLCORES_BACKEND=inline yours is called`;
  packer.warnings.push({ code: 'ALLCORES_MOCK', text });
}

/** A node that nobody will rebuild. */
export function packSpied(packer: Packer, spy: object, trail: Trail | null): GraphNode {
  packer.isPartial = true;
  const spied = util.types.isProxy(spy) ? packer.probe.proxyParts(spy)[0] : (spy as Spy).getMockImplementation?.();
  if (typeof spied === 'function') packer.ref(spied, trail ?? step(null, spied.name || 'anonymous function'));
  return { type: 'plain', value: undefined };
}
