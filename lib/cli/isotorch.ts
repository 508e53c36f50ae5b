#!/usr/bin/env node
/** The program `isotorch`. */
import { runCommand } from './run_command';

void runCommand(process.argv.slice(2));
