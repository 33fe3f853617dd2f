type Functions = Record<string, (...args: never[]) => unknown>;
export const proved: Functions;
export const withGlobals: Functions;
export const withCaptures: Functions;
export const notProved: Functions;
