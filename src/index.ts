// The process: run the action and nothing else.
import { setFlagsFromString } from 'node:v8';
import { end } from './action/end.ts';
import { main } from './main.ts';

// V8 would keep up to 48 MB for new objects, almost all of which are responses that are read once. It stays at the room that it starts with.
setFlagsFromString('--semi-space-growth-factor=1');
await main();
end();
