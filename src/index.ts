// The process: run the action and nothing else.
import { main } from './main.ts';

await main();
