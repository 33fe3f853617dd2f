/** What TypeScript knows of registered types. */
import { type CustomType, registerType } from '../../src/index.ts';

class Money {
  readonly #cents: number;
  constructor(cents: number) {
    this.#cents = cents;
  }
  get cents(): number {
    return this.#cents;
  }
}

// The class says what toPlain gets, and toPlain what fromPlain gets.
const undo: () => void = registerType({
  tag: 'money',
  type: Money,
  toPlain: (money) => ({ cents: money.cents }),
  fromPlain: ({ cents }) => new Money(cents.valueOf()),
});
undo();

registerType({
  tag: 'told by a test',
  test: (value) => 'cents' in value,
  toPlain: (money: Money) => money.cents,
  fromPlain: (cents) => new Money(cents),
});

const type: CustomType<Money, number> = { tag: 'kept', type: Money, toPlain: (m) => m.cents, fromPlain: (cents) => new Money(cents) };
registerType(type);

registerType({
  tag: 'money',
  type: Money,
  toPlain: (money) => money.cents,
  // @ts-expect-error fromPlain gives another class
  fromPlain: (cents: number) => new Date(cents),
});

// @ts-expect-error fromPlain is missing
registerType({ tag: 'money', type: Money, toPlain: (money) => money.cents });
