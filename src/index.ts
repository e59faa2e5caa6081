// The process: run the action and nothing else.
import { end } from './action/end.ts';
import { main } from './main.ts';

await main();
end();
