package io.carillon.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Who a TLS target says it is: a key and a certificate, signed by an authority of its own, both
 * made by the JDK's keytool when a test asks for them. Those who trust the authority ({@link
 * #trust}) find it good or bad; to all others it is unknown. Immutable.
 */
public final class TlsIdentity {
  private static final String PASSWORD = "changeit";
  private static final String SERVER = "server";
  private static final String AUTHORITY = "authority";

  private final KeyStore keys;
  private final Certificate authority;

  private TlsIdentity(KeyStore keys, Certificate authority) {
    this.keys = keys;
    this.authority = authority;
  }

  /** Valid today and for 127.0.0.1. */
  public static TlsIdentity good() {
    return make("san=ip:127.0.0.1", "-1d");
  }

  /** For 127.0.0.1, valid until yesterday. */
  public static TlsIdentity expired() {
    return make("san=ip:127.0.0.1", "-4d");
  }

  /** Valid today, for a host that is not the target. */
  public static TlsIdentity ofAnotherHost() {
    return make("san=dns:other.example", "-1d");
  }

  /** Writes a trust store of these authorities alone, and gives the JVM options to use it. */
  public static List<String> trust(Path file, TlsIdentity... identities) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (int n = 0; n < identities.length; n++) {
        trusted.setCertificateEntry("authority-" + n, identities[n].authority);
      }
      try (OutputStream out = Files.newOutputStream(file)) {
        trusted.store(out, PASSWORD.toCharArray());
      }
    } catch (GeneralSecurityException | IOException fault) {
      throw new IllegalStateException("Writing the trust store " + file, fault);
    }
    return List.of(
        "-Djavax.net.ssl.trustStore=" + file.toAbsolutePath(),
        "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
  }

  /** For either end: shows this certificate, and trusts its authority alone. */
  SSLContext context() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(AUTHORITY, authority);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException fault) {
      throw new IllegalStateException("Preparing TLS", fault);
    }
  }

  private static TlsIdentity make(String subject, String begin) {
    try {
      Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "tls-");
      Path store = folder.resolve("keys.p12");
      Path output = folder.resolve("keytool.txt");
      try {
        run(store, output, AUTHORITY, "bc:c", "-30d", "-validity", "60");
        run(store, output, SERVER, subject, begin, "-validity", "3", "-signer", AUTHORITY);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
          keys.load(in, PASSWORD.toCharArray());
        }
        Certificate authority = keys.getCertificate(AUTHORITY);
        keys.deleteEntry(AUTHORITY);
        return new TlsIdentity(keys, authority);
      } finally {
        Files.deleteIfExists(store);
        Files.deleteIfExists(output);
        Files.delete(folder);
      }
    } catch (IOException fault) {
      throw new UncheckedIOException("Making a certificate", fault);
    } catch (GeneralSecurityException fault) {
      throw new IllegalStateException("Reading a certificate", fault);
    }
  }

  private static void run(
      Path store, Path output, String alias, String extension, String begin, String... more)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(
        List.of(
            "-genkeypair",
            "-alias",
            alias,
            "-keyalg",
            "EC",
            "-dname",
            "CN=" + alias,
            "-ext",
            extension,
            "-startdate",
            begin,
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            store.toString()));
    command.addAll(List.of(more));
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!keytool.waitFor(30, TimeUnit.SECONDS)) {
        keytool.destroyForcibly();
        throw new IOException("keytool took too long");
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted at keytool", stop);
    }
    if (keytool.exitValue() != 0) {
      throw new IOException("keytool: " + Files.readString(output));
    }
  }
}
