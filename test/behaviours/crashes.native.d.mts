export const cases: unknown[];
