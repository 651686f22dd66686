package io.unitsmith.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** Answers the kubelet: {@code /healthz} while the process is there, {@code /readyz} once it knows the cluster. */
final class HealthServer implements AutoCloseable {

    private static final int PORT = 8080;

    private final HttpServer server;

    HealthServer(BooleanSupplier ready) throws IOException {
        server = HttpServer.create(new InetSocketAddress(PORT), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/healthz", exchange -> answer(exchange, true));
        server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean()));
        server.start();
    }

    private static void answer(HttpExchange exchange, boolean good) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(
                    good ? HttpURLConnection.HTTP_NO_CONTENT : HttpURLConnection.HTTP_UNAVAILABLE, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
