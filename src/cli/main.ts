/**
 * Where the command line starts. What is imported from here on is compiled once and then taken from the disk: without
 * that, stripping types alone takes half of a server's start.
 */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./program.ts');
