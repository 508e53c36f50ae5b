# A door for node-gyp and prebuildify: it calls the CMake build (CMakeLists.txt), so that every tool gives the same binary.
# gyp compiles nothing here, hence no Node headers: package.json's "config.node_gyp_nodedir" names a folder without them.
{
  "targets": [
    {
      "target_name": "isotorch",
      "type": "none",
      "actions": [
        {
          "action_name": "cmake",
          "message": "building through CMake",
          "inputs": [],
          # Never written, so that the action always runs: CMake itself knows what is stale.
          "outputs": ["<(INTERMEDIATE_DIR)/always"],
          "action": ["node", "<(module_root_dir)/scripts/build_native.mjs"]
        }
      ]
    }
  ]
}
