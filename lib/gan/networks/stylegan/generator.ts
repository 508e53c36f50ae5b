/** StyleGAN's generator: mapping and synthesis, with style mixing, the average of w, and truncation. */
import { no_grad } from 'isotorch/autograd';
import { Module } from 'isotorch/nn';
import { cat, ones, rand, randint, randn_like, type Tensor, zeros } from 'isotorch';
import { StyleGANMapping, type StyleGANMappingOptions } from './mapping';
import { StyleGANSynthesis, type StyleGANSynthesisOptions, type SynthesisCall } from './synthesis';

/** Options of `StyleGANGenerator`. */
export interface StyleGANGeneratorOptions extends StyleGANMappingOptions, StyleGANSynthesisOptions {
  /** ψ: how far w keeps from its average; null for no truncation. */
  truncation_psi?: number | null;
  /** Layers that are truncated, from the coarsest on. */
  truncation_cutoff?: number;
  /** How much of w's average stays at each step; null for no average. */
  w_avg_beta?: number | null;
  /** How often two styles are mixed in training. */
  style_mixing_prob?: number;
}

/** Options of a call. */
export interface StyleGANCall extends SynthesisCall {
  /** Labels N×classes, one-hot. */
  labels?: Tensor | null;
  /** ψ of this call; by default the generator's. Training never truncates. */
  truncation_psi?: number | null;
}

/**
 * Latents N×latent_size to images N×C×resolution×resolution.
 *
 * In training mode each call moves `w_avg` to w_batch + (w_avg − w_batch)·w_avg_beta, w_batch the batch's mean, and with
 * probability `style_mixing_prob` the layers from a random one on get the styles of other latents. In evaluation mode
 * the first `truncation_cutoff` layers get w_avg + (w − w_avg)·ψ.
 */
export class StyleGANGenerator extends Module {
  readonly truncation_psi: number | null;
  readonly truncation_cutoff: number;
  readonly w_avg_beta: number | null;
  readonly style_mixing_prob: number;
  w_avg!: Tensor;
  mapping: StyleGANMapping;
  synthesis: StyleGANSynthesis;

  constructor(options: StyleGANGeneratorOptions) {
    super();
    this.truncation_psi = options.truncation_psi === undefined ? 0.7 : options.truncation_psi;
    this.truncation_cutoff = options.truncation_cutoff ?? 8;
    this.w_avg_beta = options.w_avg_beta === undefined ? 0.995 : options.w_avg_beta;
    this.style_mixing_prob = options.style_mixing_prob ?? 0.9;
    this.register_buffer('w_avg', zeros(options.w_size ?? 512));
    this.mapping = new StyleGANMapping(options);
    this.synthesis = new StyleGANSynthesis(options);
  }

  override forward(z: Tensor, call: StyleGANCall = {}): Tensor {
    const { labels = null, truncation_psi = this.truncation_psi } = call;
    const w = this.mapping(z, labels);
    let ws = this.broadcast(w);
    if (this.training) {
      if (this.w_avg_beta !== null) this.track(w, this.w_avg_beta);
      if (this.style_mixing_prob > 0) ws = this.mix(ws, z, labels);
    } else if (truncation_psi !== null) {
      ws = this.truncate(ws, truncation_psi);
    }
    return this.synthesis(ws, call);
  }

  /** w for every layer: N×layers×w_size. */
  broadcast(w: Tensor): Tensor {
    return w.unsqueeze(1).expand(-1, this.synthesis.num_layers, -1);
  }

  /** Styles N×layers×w_size with w_avg + (w − w_avg)·ψ in the first `truncation_cutoff` layers. */
  truncate(ws: Tensor, psi: number): Tensor {
    const psis = ones(1, this.synthesis.num_layers, 1, { dtype: ws.dtype, device: ws.device });
    no_grad(() => psis.narrow(1, 0, Math.min(this.truncation_cutoff, psis.size(1))).fill_(psi));
    return this.w_avg.add(ws.sub(this.w_avg).mul(psis));
  }

  /** The batch's mean goes into the average of w. */
  private track(w: Tensor, beta: number): void {
    no_grad(() => {
      const batch = w.mean(0);
      this.w_avg.copy_(batch.add(this.w_avg.sub(batch).mul(beta)));
    });
  }

  /** With probability `style_mixing_prob`, one cut for the whole batch in [1, layers in use): from there on, other styles. */
  private mix(ws: Tensor, z: Tensor, labels: Tensor | null): Tensor {
    if (rand([]).item() >= this.style_mixing_prob) return ws;
    const layers = this.synthesis.num_layers;
    const used = layers - 2 * Math.trunc(this.synthesis.lod.item());
    const cut = Number(randint(1, used, []).item());
    const others = this.broadcast(this.mapping(randn_like(z), labels));
    return cat([ws.narrow(1, 0, cut), others.narrow(1, cut, layers - cut)], 1);
  }
}
