package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates good and bad, made by the JDK's own keytool. */
class TlsTargetTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path folder;

  @Test
  void a_certificate_that_is_trusted_and_fits_is_accepted() throws Exception {
    Path store = keyStore("san=ip:127.0.0.1");
    assertThat(call(store, store)).isInstanceOf(Succeeded.class);
  }

  @Test
  void a_certificate_that_nobody_vouches_for_is_refused() throws Exception {
    assertThat(reason(call(keyStore("san=ip:127.0.0.1"), null))).isEqualTo(Reasons.TLS);
  }

  @Test
  void a_certificate_of_another_host_is_refused() throws Exception {
    Path store = keyStore("san=dns:other.example");
    Outcome outcome = call(store, store);
    assertThat(reason(outcome)).isEqualTo(Reasons.TLS);
    assertThat(((Failed) outcome).error()).contains("Hostname 127.0.0.1 not verified");
  }

  private Outcome call(Path serverStore, @Nullable Path trusted) throws Exception {
    try (MockWebServer server = new MockWebServer();
        Targets targets = trusting(trusted)) {
      server.useHttps(context(serverStore).getSocketFactory());
      server.enqueue(new MockResponse.Builder().code(200).build());
      server.start();
      Outcome outcome =
          Firings.made(targets, Firings.get("https://127.0.0.1:" + server.getPort() + "/"));
      if (outcome instanceof Failed) {
        assertThat(server.getRequestCount()).isLessThanOrEqualTo(1);
        assertThat(outcome.httpStatus()).isNull();
      }
      return outcome;
    }
  }

  private static String reason(Outcome outcome) {
    return ((Failed) outcome).reason();
  }

  /** The client reads the trust store when it is built. */
  private Targets trusting(@Nullable Path serverStore) throws Exception {
    String file = "javax.net.ssl.trustStore";
    String password = "javax.net.ssl.trustStorePassword";
    try {
      if (serverStore != null) {
        System.setProperty(file, trustStore(serverStore).toString());
        System.setProperty(password, PASSWORD);
      }
      return new Targets(EgressPolicy.of(List.of(), true), "test");
    } finally {
      System.clearProperty(file);
      System.clearProperty(password);
    }
  }

  private Path trustStore(Path serverStore) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", load(serverStore).getCertificate("server"));
    Path store = folder.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(store)) {
      trusted.store(out, PASSWORD.toCharArray());
    }
    return store;
  }

  private static KeyStore load(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static SSLContext context(Path store) throws Exception {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(load(store), PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private Path keyStore(String extension) throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                extension,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.txt").toFile())
            .start();
    assertThat(keytool.waitFor(15, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
    return store;
  }
}
