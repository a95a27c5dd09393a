package io.carillon.target;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import okhttp3.Dns;

/**
 * Layer 2: refuses a name as a whole when any of its addresses may not be called. A name that
 * answers with a mixture is either an attack or a mistake. Thread-safe.
 */
final class GuardedDns implements Dns {
  private final EgressPolicy policy;
  private final Dns resolver;

  GuardedDns(EgressPolicy policy, Dns resolver) {
    this.policy = policy;
    this.resolver = resolver;
  }

  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    String name = host.toLowerCase(Locale.ROOT);
    List<InetAddress> answer = new ArrayList<>();
    for (InetAddress address : resolver.lookup(host)) {
      String refusal = policy.refusal(name, address);
      if (refusal != null) {
        throw new EgressDenied(name + " resolves to an address that is not allowed: " + refusal);
      }
      // The name travels with the address, so that the socket knows under which one it was found.
      answer.add(InetAddress.getByAddress(name, address.getAddress()));
    }
    if (answer.isEmpty()) {
      throw new UnknownHostException(name + " has no address");
    }
    return answer;
  }
}
