/** A list in which some entries are broken: the good ones are kept, the bad ones are told with their place and reason. */
import { mapSettled } from 'allcores';

interface Person {
  readonly name: string;
  readonly born: Date;
}

class RowError extends Error {
  override readonly name = 'RowError';
  readonly column: string;
  constructor(column: string, message: string) {
    super(message);
    this.column = column;
  }
}

function parse(row: string): Person {
  const [name, born] = row.split(';');
  if (!name) throw new RowError('name', 'there is no name');
  const date = new Date(born ?? '');
  if (Number.isNaN(date.getTime())) throw new RowError('born', `"${born}" is not a date`);
  return { name, born: date };
}

const rows = ['Ada;1815-12-10', 'Grace;9 December 19O6', ';1912-06-23', 'Barbara;1939-11-07'];
const outcomes = await mapSettled(rows, parse);

for (const [i, outcome] of outcomes.entries()) {
  if (outcome.status === 'fulfilled') console.log(`${outcome.value.name} was born in ${outcome.value.born.getUTCFullYear()}`);
  else if (outcome.reason instanceof RowError) console.log(`row ${i}, column "${outcome.reason.column}": ${outcome.reason.message}`);
  else throw outcome.reason;
}
// -> Ada was born in 1815
// -> row 1, column "born": "9 December 19O6" is not a date
// -> row 2, column "name": there is no name
// -> Barbara was born in 1939
