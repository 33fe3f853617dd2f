/** How many bytes of a job's items are in flight: read, and their results not taken. */

interface Reading {
  count: number;
  bytes: number;
}

/**
 * Sizes are kept by reading, not by item, and results count as taken in the order of the readings. Where they are taken in another order the
 * sum is that of other items, but of as many, and the latest.
 */
export class BytesInFlight {
  readonly #readings: Reading[] = [];
  /** Readings before this index are taken. */
  #first = 0;
  #total = 0;

  get total(): number {
    return this.#total;
  }

  read(count: number, bytes: number): void {
    if (count === 0) return;
    this.#total += bytes;
    const last = this.#readings.at(-1);
    // Plain numbers are all of one size, and a reading may be a single item.
    if (last && last.count > 0 && last.bytes / last.count === bytes / count) {
      last.count += count;
      last.bytes += bytes;
    } else this.#readings.push({ count, bytes });
  }

  taken(count: number): void {
    for (let left = count; left > 0; ) {
      const reading = this.#readings[this.#first];
      if (!reading) break;
      const some = Math.min(left, reading.count);
      const bytes = some === reading.count ? reading.bytes : (reading.bytes * some) / reading.count;
      reading.count -= some;
      reading.bytes -= bytes;
      this.#total -= bytes;
      left -= some;
      if (reading.count === 0) this.#first++;
    }
    if (this.#first === this.#readings.length) this.#total = 0;
    // Forgotten in bulk: a shift for each would move all that follow.
    if (this.#first * 2 > this.#readings.length) {
      this.#readings.splice(0, this.#first);
      this.#first = 0;
    }
  }
}
