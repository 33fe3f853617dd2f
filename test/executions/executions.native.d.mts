export const sentences: readonly (readonly [
  sentence: string,
  backends: readonly string[],
  body: (api: unknown, options: { backend: string }) => Promise<void>,
])[];
