/** The mapping network. */
import { cat, no_grad, type Tensor, ValueError, zeros } from 'isotorch';
import { Module } from 'isotorch/nn';
import { FullyConnected } from './layers';

/** Options of `StyleGAN2ADAMapping`. */
export interface StyleGAN2ADAMappingOptions {
  /** Numbers of a latent z; 0 for none. Default 512. */
  z_dim?: number;
  /** Numbers of a label c; 0 for none. Default 0. */
  c_dim?: number;
  /** Numbers of a style w. Default 512. */
  w_dim?: number;
  /** How often w is repeated, once for each layer of the synthesis network; null: N×w_dim as it is, and no average. */
  num_ws?: number | null;
  /** Default 8; the original's automatic configuration has 2. */
  mapping_layers?: number;
  /** Numbers of an embedded label. Default w_dim. */
  embed_features?: number;
  /** Channels between the layers. Default w_dim. */
  layer_features?: number;
  /** Factor of the layers' learning rate. Default 0.01. */
  lr_multiplier?: number;
  /** How much of w's average stays at each step; null for no average. Default 0.995. */
  w_avg_beta?: number | null;
}

/** Options of a call. */
export interface StyleGAN2ADAMappingCall {
  /** ψ: how far w keeps from its average; 1 for no truncation. */
  truncation_psi?: number;
  /** Layers that are truncated, from the coarsest on; all by default. */
  truncation_cutoff?: number | null;
  /** Whether the average stays as it is in training, too. */
  skip_w_avg_update?: boolean;
}

/** x·rsqrt(mean x² + 1e-8), the mean over dimension 1. */
function normalize_2nd_moment(x: Tensor): Tensor {
  return x.mul(x.square().mean(1, true).add(1e-8).rsqrt());
}

/** Checks what a network is called with. */
function check(what: string, given: Tensor | null, width: number): void {
  if (width === 0 ? given === null : given?.ndim === 2 && given.size(1) === width) return;
  const wants = width === 0 ? `takes no ${what}` : `wants ${what} N×${width}`;
  const got = given === null ? 'none' : `a tensor of shape ${given.shape.join('×')}`;
  throw new ValueError(`StyleGAN2ADAMapping was made with ${what}_dim ${width}: it ${wants}, but got ${got}`);
}

/**
 * Latents z (N×z_dim) and labels c (N×c_dim) to styles, N×num_ws×w_dim. In training mode `w_avg` becomes
 * mean(w).lerp(w_avg, w_avg_beta); truncated styles are w_avg.lerp(w, ψ).
 */
export class StyleGAN2ADAMapping extends Module {
  readonly z_dim: number;
  readonly c_dim: number;
  readonly num_ws: number | null;
  readonly mapping_layers: number;
  readonly w_avg_beta: number | null;
  embed: FullyConnected | null = null;

  constructor(options: StyleGAN2ADAMappingOptions = {}) {
    super();
    const { z_dim = 512, c_dim = 0, w_dim = 512, num_ws = null, mapping_layers = 8, lr_multiplier = 0.01 } = options;
    const { embed_features = w_dim, layer_features = w_dim, w_avg_beta = 0.995 } = options;
    this.z_dim = z_dim;
    this.c_dim = c_dim;
    this.num_ws = num_ws;
    this.mapping_layers = mapping_layers;
    this.w_avg_beta = num_ws === null ? null : w_avg_beta;
    if (c_dim > 0) this.embed = new FullyConnected(c_dim, embed_features);
    let width = z_dim + (c_dim > 0 ? embed_features : 0);
    for (let i = 0; i < mapping_layers; i++) {
      const out = i === mapping_layers - 1 ? w_dim : layer_features;
      this.add_module(`fc${i}`, new FullyConnected(width, out, { act: 'lrelu', lr_multiplier }));
      width = out;
    }
    if (this.w_avg_beta !== null) this.register_buffer('w_avg', zeros(w_dim));
  }

  override forward(z: Tensor | null, c: Tensor | null = null, call: StyleGAN2ADAMappingCall = {}): Tensor {
    const { truncation_psi = 1, truncation_cutoff = null, skip_w_avg_update = false } = call;
    check('z', z, this.z_dim);
    check('c', c, this.c_dim);
    const parts = z === null ? [] : [normalize_2nd_moment(z)];
    if (this.embed !== null) parts.push(normalize_2nd_moment(this.embed(c!)));
    let x = parts.length === 1 ? parts[0]! : cat(parts, 1);
    for (let i = 0; i < this.mapping_layers; i++) x = (this.get_submodule(`fc${i}`) as FullyConnected)(x);
    if (this.w_avg_beta !== null && this.training && !skip_w_avg_update) this.track(x, this.w_avg_beta);
    if (this.num_ws !== null) x = x.unsqueeze(1).repeat(1, this.num_ws, 1);
    return truncation_psi === 1 ? x : this.truncate(x, truncation_psi, truncation_cutoff);
  }

  /** The batch's mean goes into the average of w. */
  private track(w: Tensor, beta: number): void {
    no_grad(() => {
      const w_avg = this.get_buffer('w_avg');
      w_avg.copy_(w.detach().mean(0).lerp(w_avg, beta));
    });
  }

  private truncate(ws: Tensor, psi: number, cutoff: number | null): Tensor {
    if (this.w_avg_beta === null) {
      throw new ValueError('StyleGAN2ADAMapping was made without w_avg: truncation_psi has to be 1');
    }
    const w_avg = this.get_buffer('w_avg');
    if (cutoff === null) return w_avg.lerp(ws, psi);
    const first = ws.narrow(1, 0, Math.min(cutoff, ws.size(1)));
    first.copy_(w_avg.lerp(first, psi));
    return ws;
  }
}
