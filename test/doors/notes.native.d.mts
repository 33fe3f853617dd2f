export function newNotes(): string;
export function note(path: string, text?: string | number): void;
export function noted(path: string): string[];
export function untilNoted(path: string, count?: number): void;
export function whenNoted(path: string, count?: number): Promise<void>;
export function meet(path: string, count: number): void;
