#include "memory/parcels.h"

#include <c10/util/Exception.h>

#include <mutex>
#include <unordered_map>

#include "bridge/call.h"
#include "exports.h"
#include "tensor/storage.h"

namespace isotorch {
namespace {

// Tensors that their sender gave away and nobody took yet.
struct Parcel {
  const Environment* sender;  // null once it is gone
  uint64_t member;            // that the sender is; 0 for none
  std::vector<at::Tensor> tensors;
};

enum class Presence { kUnknown, kHere, kGone };

// An environment that another one made, and waits for. What it sent stays until the other one forgets it.
struct Member {
  const Environment* maker;
  const Environment* environment;
  Presence presence;
};

// The one structure of the process that environments share.
struct Post {
  std::mutex mutex;
  uint64_t last = 0;
  std::unordered_map<uint64_t, Parcel> parcels;
  std::unordered_map<uint64_t, Member> members;
};

Post& post() {
  static Post* const shared = new Post;  // environments may end while the process does
  return *shared;
}

uint64_t number_at(const Call& call, const char* name) {
  return static_cast<uint64_t>(call.integer(0, name));
}

// What the other environment gets of a tensor: its memory, no history. Memory that belongs to an array of JavaScript is
// copied, as the array ends with its environment.
at::Tensor posted(const at::Tensor& tensor) {
  TORCH_CHECK(tensor.is_leaf() || !tensor.requires_grad(),
              "Cowardly refusing to serialize non-leaf tensor which requires_grad, since autograd does not "
              "support crossing "
              "process boundaries.  If you just want to transfer the data, call detach() on the tensor "
              "before serializing "
              "(e.g., putting it on the queue).");
  at::Tensor plain = lies_in_javascript(tensor) ? tensor.detach().clone() : tensor.variable_data();
  plain.set_requires_grad(tensor.requires_grad());
  return plain;
}

// Gives tensors to whoever takes the parcel by its number.
double send_parcel(Call& call) {
  Parcel parcel{&call.env, 0, {}};
  for (const at::Tensor& tensor : call.tensors(0, "tensors")) parcel.tensors.push_back(posted(tensor));
  std::lock_guard<std::mutex> lock(post().mutex);
  for (const auto& [member, found] : post().members) {
    if (found.environment == &call.env) parcel.member = member;
  }
  const uint64_t number = ++post().last;
  post().parcels.emplace(number, std::move(parcel));
  return static_cast<double>(number);
}

std::vector<at::Tensor> opened(uint64_t number) {
  std::lock_guard<std::mutex> lock(post().mutex);
  auto parcel = post().parcels.extract(number);
  return parcel.empty() ? std::vector<at::Tensor>{} : std::move(parcel.mapped().tensors);
}

std::vector<at::Tensor> take_parcel(Call& call) { return opened(number_at(call, "parcel")); }

// Nobody will take it; nothing where somebody did.
void drop_parcel(Call& call) { opened(number_at(call, "parcel")); }

double parcels_waiting(Call&) {
  std::lock_guard<std::mutex> lock(post().mutex);
  return static_cast<double>(post().parcels.size());
}

// A number for an environment that is about to be made.
double expect_member(Call& call) {
  std::lock_guard<std::mutex> lock(post().mutex);
  const uint64_t number = ++post().last;
  post().members.emplace(number, Member{&call.env, nullptr, Presence::kUnknown});
  return static_cast<double>(number);
}

void become_member(Call& call) {
  std::lock_guard<std::mutex> lock(post().mutex);
  const auto found = post().members.find(number_at(call, "member"));
  if (found == post().members.end()) return;
  found->second.environment = &call.env;
  found->second.presence = Presence::kHere;
}

// 0 before it came, 1 while it is there, 2 when it is gone: asked by a thread that waits and gets no events.
double presence_of(Call& call) {
  std::lock_guard<std::mutex> lock(post().mutex);
  const auto found = post().members.find(number_at(call, "member"));
  return static_cast<double>(found == post().members.end() ? Presence::kGone : found->second.presence);
}

// Takes out what `is_over` says of, to be freed without the lock.
template <typename IsOver>
std::vector<Parcel> cleared(IsOver&& is_over) {
  std::vector<Parcel> dropped;
  auto& parcels = post().parcels;
  for (auto place = parcels.begin(); place != parcels.end();) {
    if (is_over(place->second)) {
      dropped.push_back(std::move(place->second));
      place = parcels.erase(place);
    } else {
      ++place;
    }
  }
  return dropped;
}

void forget_member(Call& call) {
  std::vector<Parcel> dropped;
  std::lock_guard<std::mutex> lock(post().mutex);
  const uint64_t member = number_at(call, "member");
  post().members.erase(member);
  dropped = cleared([&](const Parcel& parcel) { return parcel.member == member; });
}

}  // namespace

void leave_process(const Environment& environment) {
  std::vector<Parcel> dropped;
  std::lock_guard<std::mutex> lock(post().mutex);
  auto& members = post().members;
  std::erase_if(members, [&](const auto& entry) { return entry.second.maker == &environment; });
  for (auto& [number, member] : members) {
    if (member.environment != &environment) continue;
    member.environment = nullptr;
    member.presence = Presence::kGone;
  }
  dropped = cleared([&](Parcel& parcel) {
    if (parcel.sender == &environment) parcel.sender = nullptr;
    return parcel.member == 0 ? parcel.sender == nullptr : members.count(parcel.member) == 0;
  });
}

void define_parcels(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(send_parcel), ISOTORCH_FUNCTION(take_parcel),
                   ISOTORCH_FUNCTION(drop_parcel), ISOTORCH_FUNCTION(parcels_waiting),
                   ISOTORCH_FUNCTION(expect_member), ISOTORCH_FUNCTION(become_member),
                   ISOTORCH_FUNCTION(presence_of), ISOTORCH_FUNCTION(forget_member)});
}

}  // namespace isotorch
