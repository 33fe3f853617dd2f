/** The backends whose workers are others than the caller: what this suite and test/python hold for. */
export const WORKER_BACKENDS: readonly string[] = process.env.ALLCORES_TEST_BACKENDS?.split(',') ?? ['threads'];
