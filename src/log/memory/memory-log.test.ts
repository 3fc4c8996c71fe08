import { contract } from '../contract.ts';
import { openMemoryLogs } from './index.ts';

contract('the log in memory', async (size) => {
  const logs = openMemoryLogs(Array.from({ length: size }, (_, at) => `s${at + 1}`));
  return {
    logs,
    dispose: async () => {
      for (const log of logs) await log.close();
    },
  };
});
