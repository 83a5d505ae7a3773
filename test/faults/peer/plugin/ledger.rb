module MCollective
  module Agent
    class Ledger < RPC::Agent
      action "quick" do
        folder = Config.instance.pluginconf["ledger.folder"]
        File.open(File.join(folder, Config.instance.identity), "a") do |file|
          file.puts(request[:token])
          file.fsync
        end
        reply[:token] = request[:token]
      end
    end
  end
end
