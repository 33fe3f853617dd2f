/** The names at the ends of the lines, moved apart where lines end at the same height. */

const LONGEST = 16;

/** A run of labels that touch each other: which ones, and where their middle is. */
interface Group {
  readonly members: readonly number[];
  readonly middle: number;
}

/** Where each label goes, in pixels from the top: as near to where its line ends as `gap` pixels between any two of them allow. */
export function spread(ends: readonly number[], gap: number, top: number, bottom: number): number[] {
  const placed = (members: readonly number[]): Group => {
    const half = ((members.length - 1) * gap) / 2;
    const wanted = members.reduce((sum, i) => sum + ends[i]!, 0) / members.length;
    return { members, middle: Math.max(top + half, Math.min(bottom - half, wanted)) };
  };
  const groups: Group[] = [];
  for (const i of ends.map((_, i) => i).sort((a, b) => ends[a]! - ends[b]!)) {
    groups.push(placed([i]));
    // Where two groups touch they become one, which may then touch the next.
    for (let last = groups.length - 1; last > 0 && touch(groups[last - 1]!, groups[last]!, gap); last--) {
      groups.splice(last - 1, 2, placed([...groups[last - 1]!.members, ...groups[last]!.members]));
    }
  }
  const places: number[] = [];
  for (const { members, middle } of groups) {
    members.forEach((label, k) => {
      places[label] = middle + (k - (members.length - 1) / 2) * gap;
    });
  }
  return places;
}

function touch(above: Group, below: Group, gap: number): boolean {
  return below.middle - above.middle < ((above.members.length + below.members.length) / 2) * gap;
}

/** A name that fits beside the chart. */
export function shortName(method: string): string {
  return method.length <= LONGEST ? method : `${method.slice(0, LONGEST - 1)}…`;
}
