// A training step that a CUDA graph replays.
import * as torch from 'isotorch';

/** Runs of a step before it is captured: libraries choose their kernels, and gradients and states come to exist. */
const WARM_UP = 3;

/** What replays `step`, which reads no value and makes no choice by one. */
export function captured(step) {
  const stream = new torch.cuda.Stream();
  stream.wait_stream(torch.cuda.current_stream());
  torch.cuda.stream(stream, () => {
    for (let i = 0; i < WARM_UP; i++) torch.scope(step);
  });
  torch.cuda.synchronize();
  const graph = new torch.cuda.CUDAGraph();
  torch.cuda.graph(graph, () => torch.scope(step));
  const replay = () => graph.replay();
  // A graph holds none of the tensors that it reads and writes.
  replay.step = step;
  return replay;
}
