/** `torch.jit`: modules of TorchScript, loaded, run, trained and saved. Scripting and tracing need Python's sources. */
export { type FileLike, load, save } from './load';
export { RecursiveScriptModule } from './script_module';
export { ScriptObject } from './values';
