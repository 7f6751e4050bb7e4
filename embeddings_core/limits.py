"""Every limit of the application in one place, each with its reason."""

# Items
TEXT_CHARACTERS = 2_000  # the tokenizer reads 256 tokens; 10 MB of text costs 18 s and 844 MB for nothing
TEXTS = 5_000  # the largest map that stays animated and readable
LABEL_CHARACTERS = 80  # longer labels cover the map
CAPTIONS = 200  # as many as pictures: beyond, neither the map nor the matrix can be read
CONTEXT_SENTENCES = 200  # 200 long sentences keep the processor busy for 10 s
ROWS = 50_000  # 50,000 × 384 float32 is 77 MB a visitor
DIMENSIONS = 4_096  # the widest models in use
SMALLEST_VALUE, LARGEST_VALUE = 1e-12, 1e12  # outside, distances under- or overflow float32

# Files and pictures
FILE_BYTES = 50 * 2**20  # 300 visitors with 200 MB each would be 60 GB
UNPACKED_BYTES = 256 * 2**20  # a 2 MB archive can hold 2 GB
PARSING_SECONDS = 15.0
ARCHIVE_SECONDS = 60.0  # 200 photographs of 12 megapixels in one archive take 15 s
IMAGES = 200  # thumbnails stay readable up to here
IMAGES_KEPT_HOURS = 2  # after their visitor was last seen: a lesson and its break
IMAGES_KEPT_BYTES = (
    512 * 2**20
)  # of all visitors who are away; beyond, those who were seen longest ago lose theirs
IMAGE_PIXELS = 40_000_000  # phone cameras end here; decoded this is 120 MB
IMAGE_SIDE = 20_000  # a picture of one pixel's height is none

# Own tables
TABLE_BYTES = 100 * 2**20  # 100,000 rows of 1,000 characters; freed as soon as they are read
TABLE_UNPACKED_BYTES = 512 * 2**20  # of a Parquet file: 743 bytes can hold 2 GB
TABLE_ROWS = 1_000_000  # read; how many are drawn is another limit
TABLE_COLUMNS = 1_000  # nobody finds a column among more
CELL_CHARACTERS = 32_767  # what a cell of a spreadsheet holds
TABLE_SECONDS = 60.0  # a million lines take 15 s
TABLE_PICTURES = 1_000  # of an archive: a minute of looking by the bundled network
TABLE_SPRITES = 5_000  # rows whose pictures are cut from a sprite: 5,000 of 64 pixels are 20 MB
TABLES_BYTES = 1024 * 2**20  # of all visitors' tables in memory; beyond, the oldest goes
EXPLORED_ROWS = (
    50_000  # of one file or cell of a notebook: 10 MB with texts of 300 characters, open in two seconds
)
EXPLORED_CHARACTERS = 40_000_000  # of all its cells together; longer ones are cut
EXPLORED_PICTURES_BYTES = 32 * 2**20  # of a column of pictures; a larger one is left out
LARGE_MAP = 20_000  # points; a map of more is sent in a few bytes a point and drawn without names on it
LARGE_MAP_BYTES = 8_000_000  # places and colours on their way to the browser; a million points take 5 MB
LARGE_MAP_NAMES = 100_000  # points whose names go along: 3 to 5 MB; of more the page tells who was clicked
LIVE_ROWS = 100_000  # of a map that are all fitted: a minute; of more, representatives are
REPRESENTATIVES = 50_000  # rows that are fitted of more; the others are placed as well as these
LARGE_MAP_SECONDS = 900.0  # a million rows of 384 numbers take three minutes of one core
STAGE_POINTS = (
    20_000  # points of a map in 3-D, or for a file or a talk; of more an even sample is taken, and said so
)
SAVED_ROWS = 100_000  # rows of one file that is taken away: all are in memory while it is written
EMBED_SECONDS = 3_600.0  # 100,000 short texts on one slow core
EMBED_SLICE_SECONDS = (
    600.0  # of one slice: it aims at two, but sixteen long texts of a large model may come first
)
STORED_BYTES = (
    2 * 2**30
)  # of vectors on disk, so that no text is read twice by one model; beyond, the oldest go
STORED_FILE_BYTES = 256 * 2**20  # of one file of them: what goes at once when there is no room
INDEXES_BYTES = (
    2 * 2**30
)  # of indexes for the search among very many vectors, on disk: of a million of 384 numbers 0.4 GB
INDEXED_NUMBERS = (
    100_000_000  # of vectors that a search looks through one by one in less than 60 ms: 260,000 of 384
)
MAPS_KEPT_BYTES = 256 * 2**20  # of maps of tables on disk: 150 of 20,000 rows with their films
WORD_FILES_BYTES = (
    4 * 2**30
)  # of numbers kept on disk of large word vector files; one of 200,000 × 300 is 240 MB, its letter groups 2 GB

# The operator's own endpoint
ENDPOINT_BATCH = 32  # texts of one request: what text-embeddings-inference takes unless told otherwise
ENDPOINT_BYTES = 16 * 2**20  # of one answer: 32 vectors of 4,096 numbers are 3 MB as text
ENDPOINT_WAIT_SECONDS = 3.0  # until it takes the call
ENDPOINT_SECONDS = 60.0  # for one request: a model that is only now loaded takes half a minute

# The worker
PROJECTION_SECONDS = 60.0  # after this nobody in the room is watching
CLUSTERING_SECONDS = 30.0
START_SECONDS = 180.0  # the first start ever compiles for half a minute on a slow laptop; later ones take 3 s
WORKER_BYTES = 6 * 2**30  # address space: 50,000 × 4,096 numbers need 3 GB while they are mapped
OWN_WAITING = 2  # jobs of one visitor that wait in a line while another of theirs runs; a further one takes the place of the oldest
QUEUE = 20  # visitors waiting for the worker of large jobs; the 21st is told to try again
QUICK_ITEMS = 200  # a fit of so few is over in half a second, and has a line of its own
QUICK_QUEUE = 300  # a full hall that types: the last is served in a minute or two
QUICK_NICE, HEAVY_NICE = 5, 15  # steps of priority below the server, which answers typing
IDLE_SECONDS = 300.0  # after so long without a large job its worker gives its memory back
READING_IDLE_SECONDS = 60.0  # and the worker that reads files: it starts in half a second

# What is remembered of computed results, for all visitors: bytes of each cache; beyond, what was not used for longest goes.
# Together 84 MB, so that after a day of mixed visits a server has hardly a tenth more than when it was warm.
CACHE_BYTES = {
    "vectors": 16 * 2**20,  # two lists of 5,000 sentences, or hundreds of usual ones
    "maps": 12 * 2**20,  # with the states of their films
    "maps on screen": 8 * 2**20,
    "computed": 12 * 2**20,  # what lenses compute: comparisons, layers, attention
    "quick results": 4 * 2**20,
    "scores of all words": 4 * 2**20,  # 400,000 words are 1.6 MB
    "reference distributions": 4 * 2**20,
    "groups": 4 * 2**20,
    "coverage": 2 * 2**20,
    "trust": 2 * 2**20,
}

# Files of word vectors
VECTOR_WORDS = 200_000  # words of one file; frequent ones come first, and 200,000 × 300 is 240 MB
VECTOR_SECONDS = 120.0  # the 1.7 GB of Google's news vectors are unpacked and read in a minute
VECTOR_SPACES_BYTES = 256 * 2**20  # numbers of one visitor's own word spaces; beyond, the oldest goes
VECTOR_LINE_BYTES = 2**20  # 4,096 numbers need 60 kB; a longer line is not a vector

# Training
TRAINING_CHARACTERS = 2_000_000  # a novel of 350,000 words; 20 epochs of it take a minute
TRAINING_SECONDS = 180.0
TRAININGS_BYTES = (
    128 * 2**20
)  # of the last trainings of all visitors; one of 20 epochs is 8 MB, of a novel 40
TRAINING_WORDS = 1_000  # words whose vectors are kept at every epoch: 21 × 1,000 × 100 is 8 MB
DISTILLATION_SECONDS = (
    240.0  # 30,000 word pieces take 12 s on two idle cores; a busy computer takes ten times as long
)

# Films as files
FILM_FRAMES = 900  # 30 s at 30 a second: a minute or two of work, and longer than anybody watches
ANIMATION_FRAMES = 300  # of a GIF or WebP, 12 to 18 s: longer ones have tens of megabytes, and slides stutter
RENDER_SECONDS = 480.0  # 900 frames of 5,000 points in full HD take two minutes, on a busy computer six
RENDER_QUEUE = 8  # a render takes a minute: the ninth would wait for ten

# Addresses
ADDRESS_CHARACTERS = 2_000  # mail and chat programs cut longer ones
KEPT_ADDRESS_BYTES = 200_000  # what a short address stands for: ten times the longest list
KEPT_ADDRESS_DAYS = 90  # after it was last opened: a term
KEPT_ADDRESSES = 5_000  # of all visitors; beyond, those opened longest ago go
ADDRESSES_BYTES = 64 * 2**20  # of all of them on disk: 5,000 of 13,000 characters

# Talks
TALK_SCENES = 100  # an evening of three minutes a scene is 20; a teacher must be able to overlook the list
TALK_BYTES = 20 * 2**20  # one file of a talk; read in the worker in two seconds
DRAFT_BYTES = 4 * 2**20  # of a talk in the browser's own storage, which has room for 5 million characters
NOTES_CHARACTERS = 5_000  # of the speaker's notes; a minute of speech has 900
CAPTION_CHARACTERS = 300  # two lines of large type hold 95; more is cut on the screen
SCENE_NUMBERS = 2_000_000  # coordinates of one scene: 9 keyframes of 100,000 points

# Models that visitors name or bring
CUSTOM_MODELS = 2  # opened by name and in memory; the one that rested longest gives way
DOWNLOAD_BYTES = 5 * 10**9  # of a model asked for by its name; the largest row of the catalogue has 2.3
MODELS_BYTES = (
    8 * 2**30
)  # of downloaded models in memory, by the size of their files; the one that rested longest gives way
MODEL_PARAMETERS = 450_000_000  # of a model opened by name: a CLIP ViT-L/14, 1.8 GB in memory
CHECKPOINT_PARAMETERS = 100_000_000  # of an upload: 50 MB seldom hold more than 25 million
CHECKPOINTS = 8  # uploaded checkpoints of all visitors on the disk; beyond, the oldest goes
CHECKPOINTS_BYTES = 2**30  # of them on the disk; one of 100 million numbers is 400 MB
CHECKPOINT_SECONDS = 60.0  # the worker imports torch and a library first

# Every store that grows with visits, and where it stops: bytes. `embeddings-visualizer doctor` shows them.
BUDGETS = {
    **{f"remembered: {name}": size for name, size in CACHE_BYTES.items()},
    "tables of all visitors": TABLES_BYTES,
    "trainings of all visitors": TRAININGS_BYTES,
    "pictures of visitors who are away": IMAGES_KEPT_BYTES,
    "word vectors of one visitor": VECTOR_SPACES_BYTES,
    "downloaded models": MODELS_BYTES,
    "address space of a worker": WORKER_BYTES,
    "draft of a talk, in its browser": DRAFT_BYTES,
    "vectors of tables, on disk": STORED_BYTES,
    "maps of tables, on disk": MAPS_KEPT_BYTES,
    "large word vector files, on disk": WORD_FILES_BYTES,
    "indexes of searches, on disk": INDEXES_BYTES,
    "short addresses, on disk": ADDRESSES_BYTES,
    "uploaded weights, on disk": CHECKPOINTS_BYTES,
}
