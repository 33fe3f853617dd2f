import { describeDoors } from './describe-doors.ts';

describeDoors('threads');
describeDoors('inline');
