/**
 * The command line. Each command is described by a file in `commands/` and loads what does it only when it is asked
 * for. Expected failures end with a sentence and an exit code from sysexits.h; anything else is a bug and shows a stack.
 */
import { Command, CommanderError } from 'commander';
import { auditCommand } from './commands/audit.ts';
import { chaosCommand } from './commands/chaos.ts';
import { downCommand } from './commands/down.ts';
import { labCommand } from './commands/lab.ts';
import { serveCommand } from './commands/serve.ts';
import { simCommand } from './commands/sim.ts';
import { tokenCommand } from './commands/token.ts';
import { upCommand } from './commands/up.ts';
import { version } from './package-paths.ts';

const usageExitCode = 64;
const bugExitCode = 70;

// Whoever reads our output may go away, and a server or its supervisor does not stop for that.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

const program = new Command('estafet')
  .description('A team chat on several servers at once that keeps every acknowledged message when any of them dies.')
  .version(version(), '--version', 'print the version')
  .helpOption('-h, --help', 'say what a command does and which options it has')
  .showHelpAfterError('(estafet --help says what there is)')
  .addHelpText('after', '\nBegin with: estafet up');

for (const command of [
  upCommand(),
  downCommand(),
  tokenCommand(),
  auditCommand(),
  chaosCommand(),
  simCommand(),
  labCommand(),
  serveCommand(),
]) {
  program.addCommand(
    command.copyInheritedSettings(program).showHelpAfterError(`(estafet ${command.name()} --help says what there is)`),
  );
}

const throwInsteadOfExit = (command: Command): void => {
  command.exitOverride();
  command.commands.forEach(throwInsteadOfExit);
};
throwInsteadOfExit(program);

const failure = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageExitCode;
  if (error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number') {
    process.stderr.write(`estafet: ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`estafet: this is a bug. ${error instanceof Error ? error.stack : String(error)}\n`);
  return bugExitCode;
};

try {
  await program.parseAsync();
} catch (error) {
  process.exit(failure(error));
}
