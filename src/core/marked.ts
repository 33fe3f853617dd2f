/** A small set that is filled and emptied with every event: members carry the mark themselves, because emptying a Set costs more than all the rest. */

export interface Markable {
  isMarked: boolean;
}

export class Marked<T extends Markable> {
  readonly #members: T[] = [];

  add(member: T): void {
    if (member.isMarked) return;
    member.isMarked = true;
    this.#members.push(member);
  }

  delete(member: T): void {
    if (!member.isMarked) return;
    member.isMarked = false;
    this.#members.splice(this.#members.indexOf(member), 1);
  }

  clear(): void {
    for (const member of this.#members) member.isMarked = false;
    this.#members.length = 0;
  }

  /** Not to be changed meanwhile. */
  get all(): readonly T[] {
    return this.#members;
  }
}
