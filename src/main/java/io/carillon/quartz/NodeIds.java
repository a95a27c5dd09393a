package io.carillon.quartz;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import org.quartz.spi.InstanceIdGenerator;

/**
 * Names of nodes: host and random, so that no two processes ever share one, not even two on one
 * host or one after a restart.
 */
public final class NodeIds implements InstanceIdGenerator {
  private static final int MOST_CHARACTERS = 100;

  @Override
  public String generateInstanceId() {
    return create(host());
  }

  /** A new id with a readable beginning. */
  static String create(String beginning) {
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    String readable = beginning.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
    return readable.substring(0, Math.min(MOST_CHARACTERS, readable.length()))
        + "-"
        + HexFormat.of().formatHex(random);
  }

  static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "node";
    }
  }
}
