package io.carillon.target;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses and ports may be called. Public addresses may; all others are refused unless the
 * operator lists them, or the server runs in local mode, where loopback and private ranges are
 * open. An entry lifts as little as it says: a network lifts its addresses, a host name lifts
 * private ranges for that name, and a metadata address is lifted by its own exact entry only.
 * Immutable, thread-safe.
 */
public final class EgressPolicy {
  private static final Set<AddressKind> OPEN_IN_LOCAL_MODE =
      EnumSet.of(AddressKind.LOOPBACK, AddressKind.PRIVATE);
  private static final Set<AddressKind> OPEN_BY_NAME =
      EnumSet.of(
          AddressKind.LOOPBACK,
          AddressKind.PRIVATE,
          AddressKind.SHARED,
          AddressKind.DOCUMENTATION,
          AddressKind.BENCHMARKING);

  /** Well-known ports of databases, caches and mail above 1023. */
  private static final Set<Integer> DENIED_PORTS =
      Set.of(
          1433, 1434, 1521, 1522, 1526, 1527, 1830, 2483, 2484, 2525, 3050, 3306, 4333, 5432, 5433,
          6379, 6380, 6432, 7687, 9042, 9142, 9160, 9300, 11211, 11214, 11215, 16379, 26257, 26379,
          27017, 27018, 27019, 28015, 29015, 33060, 50000);

  private final Set<String> names = new HashSet<>();
  private final List<Network> networks = new ArrayList<>();
  private final boolean localMode;

  private EgressPolicy(boolean localMode) {
    this.localMode = localMode;
  }

  /**
   * @param allow exact host names, addresses, or networks ({@code 10.0.0.0/8})
   * @param localMode whether no API keys are configured: loopback and private ranges are open
   * @throws IllegalArgumentException if an entry cannot be read; see {@link #faults}
   */
  public static EgressPolicy of(Collection<String> allow, boolean localMode) {
    List<String> faults = faults(allow);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    EgressPolicy policy = new EgressPolicy(localMode);
    for (String entry : allow) {
      Network network = Network.parse(entry.trim());
      if (network == null) {
        policy.names.add(entry.trim().toLowerCase(Locale.ROOT));
      } else {
        policy.networks.add(network);
      }
    }
    return policy;
  }

  /** What is wrong with a list of entries, one sentence each; empty if nothing is. */
  public static List<String> faults(Collection<String> allow) {
    List<String> faults = new ArrayList<>();
    for (String entry : allow) {
      String text = entry.trim();
      if (Network.parse(text) == null && !HostSpelling.isName(text)) {
        faults.add(
            "'" + LogText.oneLine(text) + "' is neither a host name, an address nor a network");
      }
    }
    return faults;
  }

  /** 80, 443, and 1024–65535 but for well-known database and mail ports. */
  boolean allowsPort(int port) {
    return port == 80
        || port == 443
        || (port >= 1024 && port <= 65535 && !DENIED_PORTS.contains(port));
  }

  /**
   * Why an address may not be called.
   *
   * @param host the name it was found under, if any; lower case
   * @return null if it may
   */
  @Nullable String refusal(@Nullable String host, InetAddress address) {
    AddressKind kind = AddressRanges.kindOf(address);
    if (kind == AddressKind.PUBLIC || listed(address, kind)) {
      return null;
    }
    if (localMode && OPEN_IN_LOCAL_MODE.contains(kind)) {
      return null;
    }
    if (host != null && names.contains(host) && OPEN_BY_NAME.contains(kind)) {
      return null;
    }
    return address.getHostAddress() + " is " + kind.words() + " address";
  }

  /** Why a name may not be called whatever it resolves to; null if that has to be seen. */
  @Nullable String refusal(String host) {
    boolean loopback = host.equals("localhost") || host.endsWith(".localhost");
    if (!loopback || names.contains(host)) {
      return null;
    }
    InetAddress address = Network.literal("127.0.0.1");
    return address == null ? null : refusal(null, address);
  }

  private boolean listed(InetAddress address, AddressKind kind) {
    for (Network network : networks) {
      if (network.contains(address) && (kind != AddressKind.METADATA || network.single())) {
        return true;
      }
    }
    return false;
  }
}
