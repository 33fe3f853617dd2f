import assert from 'node:assert/strict';

/** What a promise rejects with. */
export const rejects = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail('it did not reject');
};
