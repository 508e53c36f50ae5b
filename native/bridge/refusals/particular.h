// Conditions of one family of operators each; why stands above the functions that check them.
#pragma once

#include "bridge/refusals.h"

namespace isotorch::rules {

Rule quotient_fits();
Rule diagonals_inside();
Rule source_in_memory();
Rule resizable();
Rule padded(int64_t dims, bool reflected);
Rule statistics();
Rule saved_statistics();
Rule inside_storage();
Rule row_starts();
Rule step_of_one();
Rule segments();
Rule groups();
Rule normalized_rows();
Rule pairs();
Rule norms();
Rule reduced();
Rule whole_threshold();
Rule pivots_fit();
Rule windows();
Rule indexed();
Rule vectors();
Rule some_tensors();
Rule place_inside();
Rule packed_weights();
Rule convolved();
Rule padded_enough();
Rule half_of_last();
Rule chunkable();
Rule lengths_inside();

}  // namespace isotorch::rules
