import { EstafetError, isErrorCode } from '../../client/index.ts';

/** What a server refused an upload with. */
const errorOf = (error: unknown): EstafetError => {
  const response = (error as { readonly originalResponse?: { getBody(): string } | null }).originalResponse;
  try {
    const code: unknown = JSON.parse(response?.getBody() ?? '').error.code;
    return new EstafetError(isErrorCode(code) ? code : 'unavailable');
  } catch {
    return new EstafetError('unavailable');
  }
};

/** Uploads a small square picture by the tus protocol and gives its file's id. Rejects with an `EstafetError`. */
export const uploadPicture = async (server: string, blob: Blob, sidePx: number): Promise<string> => {
  const { Upload } = await import('tus-js-client');
  const extension = blob.type === 'image/webp' ? 'webp' : blob.type === 'image/png' ? 'png' : 'jpg';
  return new Promise((resolve, reject) => {
    const upload = new Upload(blob, {
      endpoint: `${server}/files`,
      retryDelays: [0, 500, 1_500, 3_000],
      metadata: {
        filename: `avatar.${extension}`,
        filetype: blob.type,
        width: String(sidePx),
        height: String(sidePx),
      },
      onBeforeRequest: (request) => {
        const raw: unknown = request.getUnderlyingObject();
        if (raw instanceof XMLHttpRequest) raw.withCredentials = true;
      },
      onError: (error) => reject(errorOf(error)),
      onSuccess: () => {
        const id = new URL(upload.url ?? '', server).pathname.split('/').at(-1);
        if (id) resolve(id);
        else reject(new EstafetError('internal'));
      },
    });
    upload.start();
  });
};
