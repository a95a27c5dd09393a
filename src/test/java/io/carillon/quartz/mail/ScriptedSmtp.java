package io.carillon.quartz.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A mail server on loopback that answers each command as it is told; by default it takes any mail.
 * An answer of {@link #SILENCE} is none at all.
 */
final class ScriptedSmtp implements AutoCloseable {
  static final String SILENCE = "";

  private static final Map<String, String> USUAL =
      Map.of(
          "HELLO", "220 ready",
          "EHLO", "250 scripted",
          "MAIL", "250 ok",
          "RCPT", "250 ok",
          "DATA", "354 go on",
          ".", "250 taken",
          "RSET", "250 ok",
          "QUIT", "221 bye");

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final CountDownLatch silent = new CountDownLatch(1);
  private final Map<String, String> answers = new ConcurrentHashMap<>(USUAL);

  ScriptedSmtp() throws IOException {
    start(this::accept);
  }

  /** Answers a command ({@code HELLO}: the greeting, {@code .}: the text) in another way. */
  ScriptedSmtp on(String command, String answer) {
    answers.put(command, answer);
    return this;
  }

  int port() {
    return server.getLocalPort();
  }

  /** Every line that came. */
  List<String> heard() {
    return heard;
  }

  /** Ends when the server has kept silent on purpose. */
  CountDownLatch silent() {
    return silent;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        start(() -> talk(socket));
      }
    } catch (IOException closed) {
      heard.add("(closed)");
    }
  }

  private void talk(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      say(socket, "HELLO");
      boolean text = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        heard.add(line);
        if (text && !line.equals(".")) {
          continue;
        }
        String command = text ? "." : line.split(" ")[0].toUpperCase(Locale.ROOT);
        text = command.equals("DATA") && answers.get(command).startsWith("354");
        say(socket, command);
      }
      heard.add("(gone)");
    } catch (IOException gone) {
      heard.add("(gone)");
    }
  }

  private void say(Socket socket, String command) throws IOException {
    String answer = answers.getOrDefault(command, "502 what?");
    if (answer.equals(SILENCE)) {
      silent.countDown();
      return;
    }
    socket.getOutputStream().write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "scripted-smtp");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
