// All calls that are refused because they would end the process, or touch memory that is no tensor's.
#include <unordered_map>

#include "bridge/refusals/particular.h"
#include "bridge/refusals/rules.h"

namespace isotorch {
namespace {

using namespace rules;
using c10::ScalarType;

struct Row {
  std::vector<std::string> names;  // of operators: all overloads
  Rules rules;
  std::string argument = {};  // where given: only overloads that have it
};

Rules joined(Rules first, const Rules& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// A vector for each channel.
Rules per_channel(const std::string& input, const Names& names) {
  Rules rules{dims(input, 2, 64)};
  for (const std::string& name : names) rules.push_back(sized(name, {of(input, 1)}));
  return rules;
}

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows{
      // Numbers and memory.
      {{"aten::_spdiags"}, {diagonals_inside()}},
      {{"aten::div", "aten::div_", "aten::divide", "aten::divide_"}, {quotient_fits()}, "rounding_mode"},
      {{"aten::range"}, {step_of_one()}},
      {{"aten::resize_", "aten::_resize_output_"}, {resizable()}},
      {{"aten::set_", "aten::set"}, {source_in_memory()}, "source"},
      {{"aten::_reshape_alias", "aten::_reshape_alias_copy", "inductor::_reinterpret_tensor",
        "inductor::_alloc_from_pool"},
       {strided({"self"}), not_quantized("self"), inside_storage()}},
      {{"aten::_lazy_clone", "aten::_neg_view", "aten::_neg_view_copy"}, {not_quantized("self")}},
      {{"aten::view", "aten::view_copy"}, {not_quantized("self")}, "dtype"},
      {{"aten::copy", "aten::zero", "aten::_foreach_zero"}, {strided({"self"})}},
      {{"aten::zero_", "aten::_foreach_zero_"}, {opaque_floats("self")}},
      {{"aten::zeros", "aten::new_zeros"}, {opaque_zeros()}},
      {{"aten::scatter", "aten::scatter_"}, {strided({"self", "index", "src"})}, "reduce"},
      {{"aten::index_copy", "aten::index_copy_"}, {strided({"self", "index", "source"})}, "index"},
      {{"aten::quantize_per_channel"}, {quantized("out")}, "out"},

      // Lists.
      {{"aten::_stack"}, {not_empty("tensors")}},
      {{"aten::cat", "aten::concat", "aten::concatenate"}, {some_tensors()}, "out"},
      {{"aten::_chunk_cat"}, {chunkable()}},
      {{"aten::_foreach_copy"}, {strided({"self"}), same_length("src", "self"), same_length("out", "self")}},

      // Normalization.
      {{"aten::native_batch_norm", "aten::_native_batch_norm_legit",
        "aten::_native_batch_norm_legit_functional", "aten::_batch_norm_no_update"},
       joined(per_channel("input", {"weight", "bias", "running_mean", "running_var"}), {statistics()})},
      {{"aten::batch_norm_update_stats"},
       joined(per_channel("input", {"running_mean", "running_var"}),
              {strided({"input", "running_mean", "running_var"})})},
      {{"aten::native_batch_norm_backward", "aten::batch_norm_backward"},
       joined(per_channel("input",
                          {"weight", "running_mean", "running_var", "save_mean", "save_invstd", "save_var"}),
              {same_shape({"input", "grad_out"}), not_empty("input"), saved_statistics()})},
      {{"aten::_batch_norm_impl_index_backward"},
       joined(
           per_channel("input", {"weight", "running_mean", "running_var", "save_mean", "save_var_transform"}),
           {same_shape({"input", "grad_output"}), within("impl_index", 0, 0), saved_statistics()})},
      {{"aten::native_group_norm"}, {groups()}},
      {{"aten::native_group_norm_backward"}, {same_shape({"input", "grad_out"}), groups()}},
      {{"aten::native_layer_norm_backward"}, {same_shape({"input", "grad_out"}), normalized_rows()}},
      {{"aten::_weight_norm", "aten::_weight_norm_interface"}, {norms()}},
      {{"aten::_weight_norm_interface_backward"},
       {norms(), same_shape({"saved_v", "grad_w"}), same_shape({"saved_g", "saved_norms"}),
        same_type({"saved_v", "grad_w", "saved_g"}), strided({"saved_v", "grad_w", "saved_g", "saved_norms"}),
        dimensions_of("dim", "saved_v")}},
      {{"aten::_log_softmax_backward_data", "aten::_softmax_backward_data"},
       {same_shape({"output", "grad_output"}), dimensions_of("dim", "output")}},

      // Convolution, pooling and padding.
      {{"aten::_nnpack_spatial_convolution"},
       {dims("input", 3, 4), dims("weight", 4), sized("bias", {of("weight", 0)}), length("padding", 2),
        length("stride", 2), least("stride", 1), least("padding", 0), type_of("input", ScalarType::Float),
        same_type({"input", "weight", "bias"}), strided({"input", "weight", "bias"})}},
      {{"aten::_slow_conv2d_backward", "aten::_slow_conv2d_forward"},
       {length("kernel_size", 2), length("stride", 2), length("padding", 2), least("stride", 1),
        strided({"self", "weight"})}},
      {{"aten::slow_conv3d", "aten::slow_conv3d_forward", "aten::slow_conv_transpose2d",
        "aten::slow_conv_transpose3d"},
       {kernel_of_weight()}},
      {{"aten::_convolution_double_backward"}, {convolved()}},
      {{"aten::_adaptive_avg_pool2d_backward"},
       {same_leading("grad_output", "self", 2), filled("self", -1), filled("self", -2)}},
      {{"aten::_adaptive_avg_pool3d_backward", "aten::adaptive_avg_pool3d_backward"},
       {dims("self", 4, 5), same_leading("grad_output", "self", 3), not_empty("self")}},
      {{"aten::adaptive_max_pool2d_backward", "aten::max_pool2d_with_indices_backward"},
       {same_shape({"grad_output", "indices"}), same_leading("grad_output", "self", 2),
        below("indices", area("self", 2))}},
      {{"aten::adaptive_max_pool3d_backward", "aten::max_pool3d_with_indices_backward"},
       {same_shape({"grad_output", "indices"}), same_leading("grad_output", "self", 3),
        below("indices", area("self", 3))}},
      {{"aten::fractional_max_pool2d_backward"},
       {dims("self", 3, 4), length("kernel_size", 2), length("output_size", 2),
        same_shape({"grad_output", "indices"}), same_leading("grad_output", "self", 2),
        below("indices", area("self", 2))}},
      {{"aten::fractional_max_pool3d_backward"},
       {dims("self", 4, 5), length("kernel_size", 3), length("output_size", 3),
        same_shape({"grad_output", "indices"}), same_leading("grad_output", "self", 3),
        below("indices", area("self", 3))}},
      {{"aten::reflection_pad1d_backward"}, {padded(1, true)}},
      {{"aten::reflection_pad2d_backward"}, {padded(2, true)}},
      {{"aten::reflection_pad3d_backward"}, {padded(3, true)}},
      {{"aten::replication_pad1d_backward"}, {padded(1, false)}},
      {{"aten::replication_pad2d_backward"}, {padded(2, false)}},
      {{"aten::replication_pad3d_backward"}, {padded(3, false)}},
      {{"aten::grid_sampler_2d_backward"},
       {dims("input", 4), dims("grid", 4),
        sized("grad_output", {of("input", 0), of("input", 1), of("grid", 1), of("grid", 2)})}},
      {{"aten::grid_sampler_3d_backward"},
       {dims("input", 5), dims("grid", 5),
        sized("grad_output", {of("input", 0), of("input", 1), of("grid", 1), of("grid", 2), of("grid", 3)})}},

      // Cells and attention.
      {{"aten::_thnn_differentiable_lstm_cell_backward"},
       {dims("input_gates", 2), divisible("input_gates", 1, 4), same_shape({"input_gates", "hidden_gates"}),
        sized("input_bias", {of("input_gates", 1)}), sized("hidden_bias", {of("input_gates", 1)}),
        together("hidden_bias", "input_bias")}},
      {{"aten::_thnn_differentiable_gru_cell_backward"},
       {dims("input_gates", 2), divisible("input_gates", 1, 3), same_shape({"input_gates", "hidden_gates"}),
        sized("input_bias", {of("input_gates", 1)}), sized("hidden_bias", {of("input_gates", 1)}),
        together("hidden_bias", "input_bias")}},
      {{"aten::_cudnn_rnn"}, {least("num_layers", 1), least("weight_stride0", 1)}},
      {{"aten::quantized_lstm_cell"}, {length("hx", 2)}},
      {{"aten::_transform_bias_rescale_qkv"},
       {least("num_heads", 1), not_empty("qkv"), dims("qkv", 3), divisible("qkv", 2, 3),
        sized("qkv_bias", {of("qkv", 2)}), same_type({"qkv", "qkv_bias"})}},
      {{"aten::_scaled_dot_product_flash_attention_for_cpu"},
       {dims("query", 4), sized("key", {of("query", 0), of("query", 1), any(), of("query", 3)}),
        same_shape({"key", "value"}), strided({"query", "key", "value"})}},
      {{"aten::_scaled_dot_product_flash_attention_for_cpu_backward"},
       {dims("query", 4), sized("key", {of("query", 0), of("query", 1), any(), of("query", 3)}),
        same_shape({"key", "value"}), same_shape({"query", "out", "grad_out"}),
        sized("logsumexp", {of("query", 0), of("query", 1), of("query", 2)}),
        same_type({"query", "key", "value", "out", "grad_out"}),
        strided({"query", "key", "value", "out", "grad_out", "logsumexp"})}},
      {{"aten::scaled_dot_product_attention", "aten::_fused_sdp_choice",
        "aten::_scaled_dot_product_attention_math"},
       {where("enable_gqa", filled("key", -3)), where("enable_gqa", filled("value", -3))}},
      {{"aten::mkldnn_rnn_layer"},
       {dims("input", 3), not_empty("input"), least("hidden_size", 1), within("mode", 2, 2),
        within("num_layers", 1, 1),
        strided({"input", "weight0", "weight1", "weight2", "weight3", "hx_", "cx_"}), dims("weight0", 2),
        sized("weight1", {of("weight0", 0), any()}), sized("weight2", {of("weight0", 0)}),
        same_shape({"weight2", "weight3"}), same_shape({"hx_", "cx_"})}},
      {{"aten::mkldnn_rnn_layer_backward"}, {never("only autograd has the workspace that it reads")}},
      {{"mkldnn::_reorder_mkldnn_rnn_layer_weight"},
       {never("the weights it makes are only for compiled graphs, which there are none of")}},

      // Losses and distances.
      {{"aten::_ctc_loss", "aten::_ctc_loss_backward"},
       {below("targets", of("log_probs", 2)), below("blank", of("log_probs", 2)), lengths_inside()}},
      {{"aten::segment_reduce", "aten::_segment_reduce_backward"}, {segments()}},
      {{"aten::rrelu_with_noise"}, {where("training", same_shape({"self", "noise", "out"}))}},
      {{"aten::_cdist_backward"}, {distances()}},
      {{"aten::smooth_l1_loss_backward"}, {whole_threshold()}},
      {{"aten::multi_margin_loss_backward"}, {reduced(), dims("self", 0, 2)}},
      {{"aten::multilabel_margin_loss_backward"},
       {reduced(), same_shape({"self", "target", "is_target"}), dims("self", 0, 2)}},
      {{"aten::_pdist_forward"}, {dims("self", 2), strided({"self"})}},
      {{"aten::_pdist_backward"},
       {dims("self", 2), not_empty("self"), not_empty("pdist"), same_shape({"pdist", "grad"}),
        dims("pdist", 1), strided({"self", "pdist", "grad"}), pairs()}},

      // Linear algebra and transforms.
      {{"aten::_cholesky_solve_helper"},
       {dims("self", 2, 64), square("A"), same_leading("self", "A", 1), same_type({"self", "A"})}},
      {{"aten::_compute_linear_combination"},
       {dims("input", 1, 64), sized("coefficients", {any(), of("input", 0)}),
        same_type({"input", "coefficients"})}},
      {{"aten::lu_unpack"},
       {strided({"LU_data", "LU_pivots"}), pivots_fit(), below("LU_pivots", of("LU_data", -2), 1)}},
      {{"aten::_linalg_eigvals"}, {finite("self")}},
      {{"aten::_fft_r2c"}, {dimensions_of("dim", "self"), least("dim", 0), complex_of("out", "self")}},
      {{"aten::_fft_c2c"}, {dimensions_of("dim", "self"), least("dim", 0), same_type({"self", "out"})}},
      {{"aten::_fft_c2r"},
       {dimensions_of("dim", "self"), least("dim", 0), half_of_last(), complex_of("self", "out")}},

      // Indices.
      {{"aten::_convert_indices_from_csr_to_coo"}, {row_starts()}},
      {{"aten::_convert_indices_from_coo_to_csr"}, {dims("self", 1), below("self", number_of("size"))}},
      {{"aten::_logcumsumexp"}, {same_shape({"self", "out"}), same_type({"self", "out"})}},
      {{"aten::unfold_backward"}, {windows()}},
      {{"aten::_unsafe_masked_index", "aten::_unsafe_masked_index_put_accumulate"}, {indexed()}},
      {{"aten::embedding_dense_backward", "aten::embedding_backward"},
       {vectors(), below("indices", number_of("num_weights"))}},
      {{"aten::_embedding_bag_backward", "aten::_embedding_bag_sparse_backward",
        "aten::_embedding_bag_dense_backward"},
       {dims("grad", 2), dims("indices", 1), below("indices", number_of("num_weights")),
        elements("per_sample_weights", count_of("indices")), below("offset2bag", of("grad", 0)),
        rising("offsets", count_of("indices"))}},
      {{"aten::_embedding_bag", "aten::_embedding_bag_forward_only"},
       {dims("weight", 2), dims("indices", 1), dims("offsets", 1), below("indices", of("weight", 0)),
        rising("offsets", count_of("indices")), same_shape({"indices", "per_sample_weights"})}},
      {{"aten::embedding_bag"}, {bags_inside()}},
      {{"aten::_pack_padded_sequence_backward", "aten::_pad_packed_sequence"},
       {dims("batch_sizes", 1), type_of("batch_sizes", ScalarType::Long), strided({"batch_sizes"})}},
      {{"aten::_sobol_engine_ff_"},
       {within("dimension", 1, 21201), sized("self", {number_of("dimension")}),
        sized("sobolstate", {number_of("dimension"), 30}), least("n", 0), least("num_generated", 0)}},
      {{"aten::_sobol_engine_draw"},
       {within("dimension", 1, 21201), sized("quasi", {number_of("dimension")}),
        sized("sobolstate", {number_of("dimension"), 30}), least("n", 0), least("num_generated", 0)}},
      {{"aten::_sobol_engine_scramble_"},
       {within("dimension", 1, 21201), sized("self", {number_of("dimension"), 30}),
        sized("ltm", {number_of("dimension"), 30, 30})}},
      {{"aten::_sobol_engine_initialize_state_"},
       {within("dimension", 1, 21201), sized("self", {number_of("dimension"), 30})}},
      {{"aten::cummaxmin_backward"}, {strided({"grad", "input", "indices"})}},
      {{"aten::_cummax_helper", "aten::_cummin_helper"},
       {same_shape({"self", "values", "indices"}), type_of("indices", ScalarType::Long),
        dimensions_of("dim", "self"), least("dim", 0), not_empty("self")}},
      {{"aten::_embedding_bag_per_sample_weights_backward"},
       {same_shape({"indices", "offset2bag"}), below("indices", of("weight", 0)),
        below("offset2bag", of("grad", 0))}},

      // Packed and quantized weights.
      {{"mkl::_mkl_reorder_linear_weight"},
       {dims("X", 2), not_empty("X"), type_of("X", ScalarType::Float), least("batch_size", 1)}},
      {{"onednn::qlinear_prepack"},
       {dims("weight", 2), type_of("weight", ScalarType::Char), strided({"weight"})}},
      {{"onednn::linear_prepack_fp16"}, {dims("weight", 2), strided({"weight"})}},
      {{"onednn::qlinear_pointwise"}, {opaque("qw"), dims("qx", 1, 64), given({"qx", "qw", "w_scale"})}},
      {{"quantized::linear_prepack_fp16", "_quantized::linear_prepack_fp16"},
       {dims("W", 2), type_of("W", ScalarType::Float), strided({"W", "B"}), not_empty("W")}},
      {{"_quantized::wrapped_fbgemm_linear_fp16_weight"}, {dims("X", 1, 64)}},
      {{"_quantized::wrapped_fbgemm_pack_gemm_matrix_fp16"},
       {dims("W", 2), type_of("W", ScalarType::Float), strided({"W"}), not_empty("W")}},
      {{"quantized::make_quantized_cell_params"},
       {dims("w_ih", 2), dims("w_hh", 2), not_empty("w_ih"), not_empty("w_hh"),
        strided({"w_ih", "w_hh", "b_ih", "b_hh"})}},
      {{"aten::_saturate_weight_to_fp16"},
       {strided({"weight"}), type_of("weight", ScalarType::Float), not_empty("weight")}},
      {{"aten::fbgemm_linear_quantize_weight"}, {not_empty("input"), strided({"input"})}},
      {{"aten::fbgemm_pack_gemm_matrix_fp16"},
       {dims("input", 2), type_of("input", ScalarType::Float), strided({"input"}), not_empty("input")}},
      {{"aten::fbgemm_pack_quantized_matrix"},
       {dims("input", 2), type_of("input", ScalarType::Char), strided({"input"}), not_empty("input")}},
      {{"aten::_dyn_quant_pack_4bit_weight"},
       {least("block_size", 1), least("in_features", 1), least("out_features", 1)}},
      {{"aten::_dyn_quant_matmul_4bit"},
       {least("block_size", 1), least("in_features", 1), least("out_features", 1), dims("inp", 2),
        sized("inp", {any(), number_of("in_features")}), packed_weights()}},
      {{"quantized::embedding_bag_byte_unpack", "quantized::embedding_bag_4bit_unpack",
        "quantized::embedding_bag_2bit_unpack"},
       {dims("weight", 2), not_empty("weight")}},
      {{"quantized::embedding_bag_byte_prepack", "quantized::embedding_bag_4bit_prepack",
        "quantized::embedding_bag_2bit_prepack"},
       {not_empty("weight")}},
      {{"quantized::linear_dynamic_fp16_unpacked_weight"}, {dims("weight", 2), not_empty("weight")}},

      // Of nested tensors, and of vmap.
      {{"aten::_nested_from_padded"}, {padded_enough()}},
      {{"aten::_nested_compute_contiguous_strides_offsets"},
       {dims("nested_size", 2), type_of("nested_size", ScalarType::Long), strided({"nested_size"})}},
      {{"aten::_remove_batch_dim"}, {place_inside()}},
      {{"aten::_new_zeros_with_same_feature_meta"}, {below("self_num_batch_dims", places_in("self"))}},
  };
  return kRows;
}

}  // namespace

const Rules* refusals_of(const c10::FunctionSchema& schema) {
  static const auto* const by_name = [] {
    auto* map = new std::unordered_map<std::string, const Row*>();
    for (const Row& row : rows()) {
      for (const std::string& name : row.names) map->emplace(name, &row);
    }
    return map;
  }();
  const auto found = by_name->find(schema.name());
  if (found == by_name->end()) return nullptr;
  const Row& row = *found->second;
  if (!row.argument.empty() && !schema.argumentIndexWithName(row.argument)) return nullptr;
  return &row.rules;
}

}  // namespace isotorch
