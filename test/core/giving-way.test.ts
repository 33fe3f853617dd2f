import { expect, test } from 'vitest';
import { allRead, at, chunkDone, chunkShortened, jobAdded, runs, said, slotUp, tell } from './story.ts';

const big = [jobAdded({ chunkSize: 10 }, 1), allRead(100, 1), slotUp('a'), slotUp('b')];

test('what waits on a slot gives way to a job of higher priority', () => {
  const story = [jobAdded({}, 1), allRead(1, 1), slotUp('a'), jobAdded({}, 2), allRead(1, 2), jobAdded({ priority: 1 }, 3), allRead(1, 3)];
  expect(runs(tell(...story).all)).toEqual(['a 1:0-1', 'a 2:0-1']);
  expect(said(tell(...story).commands)).toEqual(['takeBack a chunk 2 to 0']);
  expect(runs(tell(...story, chunkShortened('a', 2, 0)).commands)).toEqual(['a 3:0-1']);
  expect(runs(tell(...story, chunkShortened('a', 2, 0), chunkDone('a', 1)).commands)).toEqual(['a 2:0-1']);
});

test('nothing is put behind what waits with a lower priority, however short', () => {
  const short = { chunkSize: 1, taskMs: 0.01 };
  const story = [jobAdded(short, 1), allRead(2, 1), slotUp('a'), jobAdded({ ...short, priority: 1 }, 2), allRead(1, 2)];
  expect(runs(tell(...story).all)).toEqual(['a 1:0-1', 'a 1:1-2']);
  expect(runs(tell(...story, chunkShortened('a', 2, 1)).commands)).toEqual(['a 2:0-1', 'a 1:1-2']);
  expect(runs(tell(...story, chunkShortened('a', 2, 2)).commands)).toEqual(['a 2:0-1']);
});

test('and not to one of the same or a lower priority that holds as little', () => {
  const story = (priority: number) => [
    ...[jobAdded({}, 1), allRead(1, 1), slotUp('a'), jobAdded({}, 2), allRead(1, 2)],
    ...[jobAdded({ priority }, 3), allRead(1, 3)],
  ];
  expect(said(tell(...story(0)).commands)).toEqual([]);
  expect(said(tell(...story(-1)).commands)).toEqual([]);
});

test('a job that holds several chunks gives a place to one that holds none', () => {
  const story = [...big, jobAdded({}, 2), allRead(1, 2)];
  expect(runs(tell(...big).all)).toEqual(['a 1:0-10', 'a 1:10-20', 'b 1:20-30', 'b 1:30-40']);
  expect(said(tell(...story).commands)).toEqual(['takeBack a chunk 2 to 10']);
  expect(runs(tell(...story, chunkShortened('a', 2, 10)).commands)).toEqual(['a 2:0-1']);
});

test('it is asked once, and keeps the place where it has started there', () => {
  const story = [...big, jobAdded({}, 2), allRead(1, 2), jobAdded({}, 3), allRead(1, 3)];
  expect(said(tell(...story).commands)).toEqual([]);
  expect(said(tell(...story, chunkShortened('a', 2, 20)).commands)).toEqual(['takeBack b chunk 4 to 30']);
  expect(said(tell(...story, chunkShortened('a', 2, 20), chunkShortened('b', 4, 40)).commands)).toEqual([]);
});

test('the place is the one that is free first', () => {
  const known = [jobAdded({ taskMs: 1, chunkSize: 50 }, 1), allRead(500, 1), slotUp('a'), slotUp('b')];
  const story = [...known, at(10, chunkDone('a', 1, { ranMs: 50 })), at(20, jobAdded({}, 2)), at(20, allRead(1, 2))];
  expect(said(tell(...story).commands)).toEqual(['takeBack b chunk 4 to 150']);
});
