/** `torch.export`: programs that Python exported, run and trained here. */
export { ExportedProgram, ExportGraphSignature } from './exported_program';
export type { Range } from './file/types';
export type { GraphModule } from './graph_module';
export { type FileLike, load } from './load';
