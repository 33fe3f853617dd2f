/** A module of a program, as one has it: it prices a list of orders on all cores. */
import { map } from 'allcores';
import { rates } from './rates.ts';

export interface Order {
  readonly item: string;
  readonly cents: number;
  readonly currency: string;
}

/** In cents of a euro. */
export const priced = (order: Order): number => Math.round(order.cents / rates.of(order.currency));

export const pricesOf = (orders: readonly Order[]): Promise<number[]> => map(orders, priced);
