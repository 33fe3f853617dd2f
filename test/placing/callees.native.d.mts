export const cases: [name: string, body: (api: unknown) => Promise<void>][];
