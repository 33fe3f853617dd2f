const perEuro: Record<string, number> = { EUR: 1, USD: 1.25, SEK: 10 };

export const rates = {
  of(currency: string): number {
    const rate = perEuro[currency];
    if (rate === undefined) throw new RangeError(`no rate for ${currency}`);
    return rate;
  },
};
