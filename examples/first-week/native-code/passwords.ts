/** Passwords hashed by a native addon, which is as slow as it is meant to be: each worker loads the addon for itself. */
import { hashSync, verifySync } from '@node-rs/argon2';
import { map, range } from 'allcores';

const users = range(12).map((i) => ({ name: `user ${i}`, password: `correct horse ${i}` }));

/** About 20 ms each, and 19 MB. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const hashes = await map(users, ({ password }) => hashSync(password, cost));
const accounts = users.map((user, i) => ({ ...user, hash: hashes[i]! }));

const right = await map(accounts, ({ hash, password }) => verifySync(hash, password));
const wrong = await map(accounts, ({ hash, password }) => verifySync(hash, `${password}!`));

console.log(`${new Set(hashes).size} hashes, each begins ${hashes[0]!.split('$').slice(0, 3).join('$')}`);
console.log(`${right.filter(Boolean).length} verify, ${wrong.filter(Boolean).length} with a wrong password`);
// -> 12 hashes, each begins $argon2id$v=19
// -> 12 verify, 0 with a wrong password
