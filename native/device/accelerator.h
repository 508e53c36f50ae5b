// The current device, streams and events of accelerators, through libtorch's device-generic interface.
#pragma once

#include <node_api.h>

namespace isotorch {

struct Call;

napi_value current_accelerator(Call& call);
napi_value current_device_index(Call& call);
napi_value set_device_index(Call& call);
napi_value empty_device_cache(Call& call);
napi_value device_memory_stats(Call& call);
napi_value reset_device_memory_stats(Call& call);

// A stream is [stream id, device index, device type], the three numbers that identify it.
napi_value current_stream(Call& call);
napi_value default_stream(Call& call);
napi_value new_stream(Call& call);
napi_value set_stream(Call& call);
napi_value query_stream(Call& call);
napi_value synchronize_stream(Call& call);

napi_value create_event(Call& call);
napi_value event_record(Call& call);
napi_value event_block(Call& call);
napi_value event_query(Call& call);
napi_value event_synchronize(Call& call);
napi_value event_elapsed_time(Call& call);

}  // namespace isotorch
