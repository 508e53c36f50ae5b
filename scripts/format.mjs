// Writes every file in the house's format: biome for TypeScript, JavaScript and JSON, clang-format for C++.
import { clangFormat, nativeFiles, nodeTool, show } from './tools.mjs';

const program = clangFormat();
let code = show(nodeTool('biome', 'format', '--write'));
if (program) code ||= show([program, '-i', ...nativeFiles()]);
else console.log('C++ left as it is: .venv has no clang-format (npm run setup installs it)');
process.exitCode = code;
