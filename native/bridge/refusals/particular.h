// Conditions of one family of operators each, in the folder particular/; why stands above the functions that check them.
#pragma once

#include "bridge/refusals.h"

namespace isotorch::rules {

// memory.cpp
Rule quotient_fits();
Rule source_in_memory();
Rule resizable();
Rule inside_storage();
Rule opaque_zeros();
Rule step_of_one();

// lists.cpp
Rule some_tensors();
Rule place_inside();
Rule packed_weights();
Rule padded_enough();
Rule chunkable();

// normalization.cpp
Rule statistics();
Rule saved_statistics();
Rule groups();
Rule normalized_rows();
Rule norms();

// convolution.cpp
Rule padded(int64_t dims, bool reflected);
Rule windows();
Rule kernel_of_weight();
Rule convolved();

// losses.cpp
Rule segments();
Rule distances();
Rule pairs();
Rule reduced();
Rule whole_threshold();
Rule lengths_inside();

// indices.cpp
Rule diagonals_inside();
Rule row_starts();
Rule pivots_fit();
Rule indexed();
Rule bags_inside();
Rule vectors();
Rule half_of_last();

}  // namespace isotorch::rules
