/** A program: loads the libraries of the libtorch in a folder; where that fails, it ends with the linker's words. */
import { openLibraries } from '../libtorch';

const failure = openLibraries(process.argv[2]!);
if (failure !== undefined) {
  process.stderr.write(failure.message);
  process.exitCode = 1;
}
