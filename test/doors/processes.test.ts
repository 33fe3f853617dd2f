/** In a file of its own: what a program is told once, each of the two must hear. */
import { describeDoors } from './describe-doors.ts';

describeDoors('processes');
