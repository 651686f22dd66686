package io.unitsmith.agent.cluster;

import io.unitsmith.agent.files.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The agent's credential on disk: where the cluster is, and the token, each in a file of its own. */
public final class Credential {

    private static final String FOLDER = "/var/lib/unitsmith/credential";
    private static final String KUBECONFIG = FOLDER + "/kubeconfig";
    private static final String TOKEN = FOLDER + "/token";

    private final AtomicFiles files;

    public Credential(AtomicFiles files) {
        this.files = files;
    }

    /** Replaces the whole credential. */
    public void store(String kubeconfig, String token) throws IOException {
        for (String folder : files.missingFolders(KUBECONFIG)) {
            files.makeFolder(folder, 0700);
        }
        write(KUBECONFIG, kubeconfig);
        write(TOKEN, token);
    }

    /** Replaces the token. */
    public void renew(String token) throws IOException {
        write(TOKEN, token);
    }

    private void write(String path, String text) throws IOException {
        files.write(path, text.getBytes(StandardCharsets.UTF_8), 0600, null);
    }

    /** Empty before a join. */
    public Optional<String> kubeconfig() throws IOException {
        return files.read(KUBECONFIG);
    }

    /** Empty before a join. */
    public Optional<Token> token() throws IOException {
        return files.read(TOKEN).map(String::strip).map(Token::new);
    }
}
