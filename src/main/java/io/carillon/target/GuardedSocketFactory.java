package io.carillon.target;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Layer 3, the one that counts: its sockets look at the address they are about to connect to,
 * whoever asked for it. OkHttp does not ask the resolver for address literals, and an answer of the
 * resolver may have changed. Layer 4 is here too: the sockets know no SOCKS proxy, whatever the
 * system properties say. Thread-safe.
 */
final class GuardedSocketFactory extends SocketFactory {
  /** Is told of each connection that passed, right before its first packet; may refuse it. */
  interface Gate {
    Gate OPEN = address -> {};

    void pass(InetSocketAddress address) throws IOException;
  }

  private final EgressPolicy policy;
  private final Gate gate;

  GuardedSocketFactory(EgressPolicy policy, Gate gate) {
    this.policy = policy;
    this.gate = gate;
  }

  @Override
  public Socket createSocket() {
    return new GuardedSocket(policy, gate);
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw unguarded();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw unguarded();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw unguarded();
  }

  @Override
  public Socket createSocket(
      InetAddress address, int port, InetAddress localAddress, int localPort) {
    throw unguarded();
  }

  private static UnsupportedOperationException unguarded() {
    return new UnsupportedOperationException("create the socket first, then connect it");
  }

  private static final class GuardedSocket extends Socket {
    private final EgressPolicy policy;
    private final Gate gate;

    GuardedSocket(EgressPolicy policy, Gate gate) {
      super(Proxy.NO_PROXY);
      this.policy = policy;
      this.gate = gate;
    }

    @Override
    public void connect(@Nullable SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }

    @Override
    public void connect(@Nullable SocketAddress endpoint, int timeoutMillis) throws IOException {
      if (!(endpoint instanceof InetSocketAddress address) || address.getAddress() == null) {
        throw new EgressDenied("not a resolved internet address: " + endpoint);
      }
      // getHostString never asks a resolver: it is the name looked up, or the literal.
      String refusal = policy.refusal(address.getHostString(), address.getAddress());
      if (refusal == null && !policy.allowsPort(address.getPort())) {
        refusal = "port " + address.getPort();
      }
      if (refusal != null) {
        throw new EgressDenied("not allowed: " + refusal);
      }
      gate.pass(address);
      super.connect(address, timeoutMillis);
      setTcpNoDelay(true);
    }
  }
}
