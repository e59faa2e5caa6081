// Preloaded into the process of the action: its clock, waits and time limits run fifteen times as fast, so that a fault for ever takes seconds.
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const SPEED = 15;
const [start, now] = [Date.now(), Date.now];
const { setTimeout: sleep } = timers;
const timeout = AbortSignal.timeout.bind(AbortSignal);

Date.now = () => start + (now() - start) * SPEED;
AbortSignal.timeout = (milliseconds) => timeout(milliseconds / SPEED);
timers.setTimeout = (milliseconds = 0, ...rest) => sleep(milliseconds / SPEED, ...rest);
syncBuiltinESMExports();
